"""Thin clients of the WeChat Official Account (服务号) and WeCom (企业微信), and what their answers mean (channels.md)."""
