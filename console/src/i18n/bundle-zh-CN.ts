import messages from '@cloudscape-design/components/i18n/messages/all.zh-CN';
import { hubZhCN } from './hub-zh-CN';
import { zhCN } from './zh-CN';

export const app = zhCN;
export const cloudscape = [messages];
export const hub = hubZhCN;
