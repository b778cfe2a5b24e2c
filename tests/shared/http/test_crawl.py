"""The crawl itself finds what a browser would refuse."""

from tests.shared.http.crawl import refused_inline


def test_refused_inline_sees_what_a_browser_refuses():
    html = '<style>a{}</style><script nonce="n">1</script><script>2</script><p style="x" onclick="y"><script src="/a.js"></script>'
    refused = refused_inline(html, "script-src 'self' 'nonce-n'; style-src 'self'")
    assert refused == ["<p style>", "<p onclick>", "<style> a{}", "<script> 2"]
