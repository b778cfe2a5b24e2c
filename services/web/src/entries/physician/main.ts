import 'weui/dist/style/weui.css';
