/** The scenario player: choose one, play it step by step or all of it, and watch Dana's phone at the sandbox meanwhile. */
import { connectPhone } from '../../src/connect-phone.ts';
import type { CreditPhone } from '../../src/elements/credit-phone.ts';
import type { PlayState } from '../sandbox/player.ts';

type Play = NonNullable<PlayState['play']>;

/** Long enough to read a step and to look at the phone. */
const READING_MS = 3_500;
const WHO = 'dana';

let state: PlayState = { scenarios: [], play: null };
let shownRun = 0;
let shownPhone: ReturnType<typeof connectPhone> | null = null;
let isPlayingAll = false;

function byId<E extends HTMLElement>(id: string, kind: abstract new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no #${id}.`);
  return found;
}

const play = byId('play', HTMLElement);
const stage = byId('stage', HTMLElement);
const status = byId('play-status', HTMLElement);
const nextButton = byId('next', HTMLButtonElement);
const allButton = byId('all', HTMLButtonElement);

function text(tag: keyof HTMLElementTagNameMap, content: string, className = ''): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = content;
  if (className !== '') element.className = className;
  return element;
}

/** Asks the demo server; what it says instead of a state is shown. */
async function ask(path: string, method: 'GET' | 'POST'): Promise<boolean> {
  try {
    const answer = await fetch(`/demo/player${path}`, { method });
    // The demo's own server made this a moment ago.
    if (answer.ok) state = (await answer.json()) as PlayState;
    else status.textContent = await answer.text();
    show();
    return answer.ok;
  } catch (error) {
    status.textContent = `The demo server can't be reached (${String(error)}).`;
    return false;
  }
}

function show(): void {
  showChoices();
  const now = state.play;
  play.hidden = now === null;
  byId('no-play', HTMLElement).hidden = now !== null;
  if (now?.run !== shownRun) showPhone(now);
  if (now !== null) showPlay(now);
}

function showChoices(): void {
  const list = byId('scenario-list', HTMLElement);
  if (list.childElementCount === 0) list.append(...state.scenarios.map(choice));
  for (const button of list.querySelectorAll('button'))
    button.setAttribute('aria-pressed', String(button.dataset.id === state.play?.id));
}

function choice({ id, title, why }: PlayState['scenarios'][number]): HTMLElement {
  const item = document.createElement('li');
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset.id = id;
  button.append(text('strong', title), text('span', why, 'quiet'));
  button.addEventListener('click', () => void begin(id));
  item.append(button);
  return item;
}

function showPlay(now: Play): void {
  const done = now.played.length;
  const scenario = state.scenarios.find(({ id }) => id === now.id);
  byId('play-title', HTMLElement).textContent = scenario?.title ?? '';
  byId('play-why', HTMLElement).textContent = scenario?.why ?? '';
  const progress = byId('progress', HTMLProgressElement);
  progress.max = now.steps.length;
  progress.value = done;
  byId('progress-text', HTMLElement).textContent = `${done} of ${now.steps.length} steps`;
  const clock = byId('clock', HTMLTimeElement);
  clock.dateTime = new Date(now.nowMs).toISOString();
  clock.textContent = `Clock of the sandbox: ${new Date(now.nowMs).toLocaleString('en-US', { dateStyle: 'medium', timeStyle: 'medium' })}`;
  byId('steps', HTMLElement).replaceChildren(...now.steps.map((step, index) => stepItem(step, { now, index })));
  const isOver = done === now.steps.length;
  nextButton.disabled = isOver || now.isBusy || isPlayingAll;
  allButton.disabled = isOver || isPlayingAll;
  if (done > 0) status.textContent = verdict(now);
}

function stepItem(
  step: Play['steps'][number],
  { now, index }: { readonly now: Play; readonly index: number },
): HTMLElement {
  const item = document.createElement('li');
  const played = now.played[index];
  if (index === now.played.length - 1) item.setAttribute('aria-current', 'step');
  item.className = played === undefined ? 'coming' : played.wrong.length === 0 ? 'done' : 'wrong';
  item.append(text('p', step.say));
  if (played === undefined) return item;
  item.append(text('p', `Look: ${step.look}`, 'look'));
  const { available, held } = played.facts;
  item.append(text('p', `Ledger: ${dollars(available)} to use, ${dollars(held)} held.`, 'quiet'));
  for (const words of played.wrong) item.append(text('p', `Not as promised: ${words}.`, 'problem'));
  return item;
}

function verdict(now: Play): string {
  const wrong = now.played.filter((step) => step.wrong.length > 0).length;
  const isOver = now.played.length === now.steps.length;
  if (wrong > 0) return `${wrong} of ${now.played.length} steps are not as promised.`;
  return isOver ? 'Played to the end; every step is as promised.' : 'As promised so far.';
}

function dollars(micros: number): string {
  return (micros / 1_000_000).toLocaleString('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 4 });
}

/** Another play is another server: the phone of the one before goes. */
function showPhone(now: Play | null): void {
  shownRun = now?.run ?? 0;
  stage.replaceChildren();
  // A phone of the page's own is not ended with the element: it would ask the server that is gone again and again.
  void shownPhone?.close();
  shownPhone = null;
  if (now === null) return;
  const phone = document.createElement('credit-phone') as CreditPhone;
  shownPhone = connectPhone({
    gateUrl: `${location.origin}/sandbox/${now.run}`,
    token: () => tokenOf(now.run),
    // The sandbox has no phone line; calls are acted there.
    isReachable: false,
  });
  phone.phone = shownPhone;
  phone.panel = 'credit';
  stage.append(phone);
}

async function tokenOf(run: number): Promise<string> {
  const answer = await fetch(`/demo/player/token/${run}/${WHO}`, { method: 'POST' });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.text();
}

async function begin(id: string): Promise<void> {
  isPlayingAll = false;
  status.textContent = 'A fresh server is being set up…';
  if (await ask(`/begin/${encodeURIComponent(id)}`, 'POST')) {
    status.textContent = 'Ready. Nothing has happened yet.';
    nextButton.focus();
  }
}

async function next(): Promise<boolean> {
  const { play: now } = state;
  if (now === null) return false;
  nextButton.disabled = true;
  status.textContent = 'The step is being played…';
  return await ask(`/next/${now.run}`, 'POST');
}

async function playAll(): Promise<void> {
  isPlayingAll = true;
  const run = state.play?.run;
  while (
    isPlayingAll &&
    state.play?.run === run &&
    state.play !== null &&
    state.play.played.length < state.play.steps.length
  ) {
    if (!(await next())) break;
    await new Promise((resolve) => setTimeout(resolve, READING_MS));
  }
  isPlayingAll = false;
  show();
}

async function stop(): Promise<void> {
  isPlayingAll = false;
  await ask('/stop', 'POST');
}

nextButton.addEventListener('click', () => void next());
allButton.addEventListener('click', () => void playAll());
byId('again', HTMLButtonElement).addEventListener('click', () => void (state.play && begin(state.play.id)));
byId('stop', HTMLButtonElement).addEventListener('click', () => void stop());
await ask('', 'GET');
