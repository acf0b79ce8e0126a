/** What ties the widget to a phone: requests in, notices and announcements out, keys. Not part of the first paint: there is no phone yet. */
export { announcement } from './announcement.ts';
export { warnHost } from './host-warnings.ts';
export { handleKeydown } from './keyboard.ts';
export { noticesBetween } from './notices.ts';
export { handleRequest, REQUEST_NAMES } from './request-handlers.ts';
