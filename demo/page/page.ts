/** The host page of the demo: a contact sheet with click-to-call. What it does with the phone is what any host page would do. */
import type { CreditPhone } from '../../src/elements/credit-phone.ts';
import { CONTACTS, type Contact, NUMBERS_TO_TRY, otherWidget } from './contacts.ts';
import { showEvents } from './event-log.ts';
import { showProfiles } from './profile-switch.ts';
import { showScenarios } from './scenarios.ts';
import { demoPeople, tokenSource } from './token-source.ts';

function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found;
}

function selectById(id: string): HTMLSelectElement {
  const found = byId(id);
  if (!(found instanceof HTMLSelectElement)) throw new Error(`#${id} is no select.`);
  return found;
}

// index.html names the element; its class is registered by the script before this one.
const phone = byId('phone') as CreditPhone;
const person = selectById('person');
const address = new URL(location.href);

function text(tag: keyof HTMLElementTagNameMap, content: string, className = ''): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = content;
  if (className !== '') element.className = className;
  return element;
}

function callButton(number: string, who: string): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'call';
  button.textContent = 'Call';
  button.setAttribute('aria-label', `Call ${who}`);
  button.addEventListener('click', () => phone.dial(number));
  return button;
}

function showContact(contact: Contact): void {
  byId('contact-initials').textContent = contact.name.replace(/[^A-Z]/g, '');
  byId('contact-name').textContent = contact.name;
  byId('contact-role').textContent = `${contact.role}, ${contact.company}`;
  const facts: [string, string][] = [
    ['Phone', contact.shown],
    ['City', contact.city],
    ['Last contact', contact.lastContact],
  ];
  byId('contact-facts').replaceChildren(
    ...facts.map(([name, value]) => {
      const pair = document.createElement('div');
      pair.append(text('dt', name), text('dd', value));
      return pair;
    }),
  );
}

function listContacts(): void {
  byId('contact-list').replaceChildren(
    ...CONTACTS.map((contact) => {
      const item = document.createElement('li');
      const who = text('button', contact.name, 'who');
      who.addEventListener('click', () => showContact(contact));
      item.append(who, text('span', `${contact.company} · ${contact.shown}`, 'what'));
      item.append(callButton(contact.number, contact.name));
      return item;
    }),
  );
}

function listNumbers(ownExtension: string | null): void {
  byId('try-list').replaceChildren(
    ...[...NUMBERS_TO_TRY, otherWidget(ownExtension)].map((entry) => {
      const item = document.createElement('li');
      item.append(text('span', entry.number, 'number'), text('span', entry.what, 'what'));
      item.append(callButton(entry.number, entry.what));
      return item;
    }),
  );
}

async function chooseWho(): Promise<void> {
  const people = await demoPeople();
  person.replaceChildren(...people.map((entry) => new Option(`${entry.name}, ${entry.title}`, entry.personId)));
  const wanted = address.searchParams.get('as');
  if (people.some((entry) => entry.personId === wanted)) person.value = wanted ?? person.value;
  // Another person is another phone: the page is loaded again, as a host page would after a new sign-in.
  person.addEventListener('change', () => {
    address.searchParams.set('as', person.value);
    location.assign(address);
  });
  phone.token = tokenSource(person.value);
  phone.gateUrl = location.origin;
}

function followSwitches(): void {
  const theme = selectById('theme');
  const language = selectById('language');
  theme.addEventListener('change', () => {
    document.documentElement.dataset.theme = theme.value;
  });
  language.addEventListener('change', () => {
    phone.lang = language.value;
  });
}

const [first] = CONTACTS;
if (first) showContact(first);
listContacts();
listNumbers(null);
phone.addEventListener('credit-phone-ready', ({ detail }) => listNumbers(detail.extension));
followSwitches();
showEvents(phone, byId('event-log'), byId('event-empty'));
showScenarios(byId('scenario-buttons'), { answer: byId('scenario-answer'), personId: () => person.value });
showProfiles({
  select: selectById('profile'),
  summary: byId('profile-summary'),
  list: byId('profile-list'),
  answer: byId('profile-answer'),
  personId: () => person.value,
});
await chooseWho();
