/** A small SMTP server (RFC 5321) that does what a test tells it: refuses, drops the connection at any point, or takes a mail. */

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  /** As it came, dots unstuffed. */
  readonly message: string;
}

/** What becomes of the next deliveries, in order; then everything is taken. */
export type Mood =
  | 'take'
  | 'drop_at_greeting'
  /** Before it says that it will take the mail. */
  | 'drop_at_data'
  /** With a part of the mail. */
  | 'drop_in_data'
  /** The mail is taken, and the connection breaks before that is said. */
  | 'drop_after_data'
  | { readonly greeting: string }
  | { readonly atRcpt: string }
  | { readonly atData: string };

export class SmtpServer {
  readonly taken: TakenMail[] = [];
  readonly moods: Mood[] = [];
  /** All that clients sent before the data. */
  readonly heard: string[] = [];
  /** Only these readers are known when set. */
  known: readonly string[] | null = null;
  /** Asked for before mail is taken: user and password. */
  login: { readonly user: string; readonly password: string } | null = null;
  connectionCount = 0;
  /** Told of each mail that is taken, before that is said. */
  witness: (() => void) | null = null;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor() {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async start(): Promise<SmtpServer> {
    const server = new SmtpServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #serve(socket: Socket): void {
    this.connectionCount += 1;
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined);
    const mood = this.moods.shift() ?? 'take';
    if (mood === 'drop_at_greeting') {
      socket.destroy();
      return;
    }
    if (typeof mood === 'object' && 'greeting' in mood) {
      socket.end(`${mood.greeting}\r\n`);
      return;
    }
    socket.write('220 smtp.test ESMTP\r\n');
    const talk = new Talk(this, { socket, mood });
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => talk.hear(text));
  }
}

class Talk {
  readonly #server: SmtpServer;
  readonly #socket: Socket;
  readonly #mood: Mood;
  #rest = '';
  #from = '';
  #to: string[] = [];
  #isData = false;

  constructor(server: SmtpServer, { socket, mood }: { readonly socket: Socket; readonly mood: Mood }) {
    this.#server = server;
    this.#socket = socket;
    this.#mood = mood;
  }

  hear(text: string): void {
    this.#rest += text;
    if (this.#isData && this.#mood === 'drop_in_data') {
      this.#socket.destroy();
      return;
    }
    for (;;) {
      const end = this.#rest.indexOf(this.#isData ? '\r\n.\r\n' : '\r\n');
      if (end < 0) return;
      const part = this.#rest.slice(0, end);
      this.#rest = this.#rest.slice(end + (this.#isData ? 5 : 2));
      if (this.#isData) this.#message(part);
      else this.#command(part);
    }
  }

  #command(line: string): void {
    this.#server.heard.push(line);
    const words = this.#answerTo(line);
    if (words === null) this.#socket.destroy();
    else if (line.toUpperCase() === 'QUIT') this.#socket.end(`${words}\r\n`);
    else this.#socket.write(`${words}\r\n`);
  }

  /** Null: the connection breaks. */
  #answerTo(line: string): string | null {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') return this.#server.login ? '250-smtp.test\r\n250 AUTH PLAIN' : '250 smtp.test';
    if (verb === 'AUTH') return this.#logIn(line);
    if (verb === 'RCPT') return this.#reader(addressIn(line));
    if (verb === 'MAIL') this.#from = addressIn(line);
    if (verb !== 'DATA') return '250 ok';
    if (this.#mood === 'drop_at_data') return null;
    this.#isData = true;
    return '354 go on';
  }

  #logIn(line: string): string {
    const { login } = this.#server;
    const [, user, password] = Buffer.from(line.split(' ')[2] ?? '', 'base64')
      .toString()
      .split('\0');
    const isRight = login?.user === user && login?.password === password;
    // Some servers repeat what they were told.
    return isRight ? '235 welcome' : `535 ${user} may not log in with ${password}`;
  }

  #reader(address: string): string {
    const mood = this.#mood;
    if (typeof mood === 'object' && 'atRcpt' in mood) return mood.atRcpt;
    if (this.#server.known?.includes(address) === false) return '550 nobody here';
    this.#to.push(address);
    return '250 ok';
  }

  #message(text: string): void {
    this.#isData = false;
    const mood = this.#mood;
    const isRefused = typeof mood === 'object' && 'atData' in mood;
    if (!isRefused) this.#server.taken.push({ from: this.#from, to: this.#to, message: text.replace(/^\.\./gm, '.') });
    if (!isRefused) this.#server.witness?.();
    if (mood === 'drop_after_data') this.#socket.destroy();
    else this.#socket.write(isRefused ? `${mood.atData}\r\n` : '250 taken\r\n');
  }
}

function addressIn(line: string): string {
  return /<([^>]*)>/.exec(line)?.[1] ?? '';
}
