/**
 * The script tag's entry: registers <credit-phone>. Imported in Node it does nothing but export.
 */
import { CreditPhone } from './elements/credit-phone.ts';
import { defineElement } from './elements/define-element.ts';
import { defineFirstPaint } from './elements/element-registry.ts';

defineFirstPaint();
defineElement('credit-phone', CreditPhone);

export type { Phone, PhoneSnapshot } from './elements/credit-phone.ts';
export type { CreditPhoneNotices, CreditPhoneRequests, NoticeEvents, RequestEvents } from './elements/events.ts';
export type { MessageKey, Messages } from './elements/messages.ts';
export { CreditPhone };
