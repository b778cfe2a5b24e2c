/** The physician's pages: the four tabs and the forms behind them. */
import 'weui/dist/style/weui.css';
import '../../styles/base.css';
import '../../styles/app.css';
import { createApp } from 'vue';
import { registerWorker } from '../../offline/worker';
import PhysicianApp from '../../physician/PhysicianApp.vue';
import { recallMe } from '../../physician/session';

void recallMe()
  .catch(() => undefined)
  .then(() => createApp(PhysicianApp).mount('#app'));
registerWorker();
