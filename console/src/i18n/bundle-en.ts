import messages from '@cloudscape-design/components/i18n/messages/all.en';
import { en } from './en';

export const app = en;
export const cloudscape = [messages];
