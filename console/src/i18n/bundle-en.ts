import messages from '@cloudscape-design/components/i18n/messages/all.en';
import type { HubTexts } from './hub';
import { en } from './en';

export const app = en;
export const cloudscape = [messages];
/** The hub speaks English. */
export const hub: HubTexts = {};
