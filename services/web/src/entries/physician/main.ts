/** The physician's pages: the four tabs and the forms behind them. */
import 'weui/dist/style/weui.css';
import '../../styles/base.css';
import '../../styles/app.css';
import { createApp } from 'vue';
import PhysicianApp from '../../physician/PhysicianApp.vue';

createApp(PhysicianApp).mount('#app');
