/** What the functions of this folder work with. */
import type { ServerClock } from '../services.ts';
import type { Store } from '../storage/store.ts';
import type { MailLinks } from './mail-links.ts';
import type { MailFile } from './mail-transport.ts';
import type { MailWords } from './mail-words.ts';

export interface MailPaper extends MailWords {
  readonly file: MailFile;
}

export interface MailRoom {
  readonly store: Pick<Store, 'db' | 'writeRows'>;
  readonly clock: ServerClock;
  /** The paper of that number with the words that go with it; null when there is none. */
  readonly paper: (paper: { readonly accountId: string; readonly invoiceNumber: number }) => Promise<MailPaper | null>;
  /** Left out: mails say in words where to go. */
  readonly links?: MailLinks;
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}
