import { expect } from 'chai';
import { HOST_WARNINGS, watchHost } from '../../../src/elements/host-warnings.ts';
import { CreditPhone } from '../../../src/index.ts';
import type { PhoneSnapshot } from '../../../src/phone/phone-snapshot.ts';
import { AGENT, IDLE } from '../../support/element-facts.ts';
import { FakePhone } from '../../support/element-fake-phone.ts';

const { warn } = console;
let lines: string[] = [];

beforeEach(() => {
  lines = [];
  console.warn = (line: string) => void lines.push(line);
});
afterEach(() => {
  console.warn = warn;
  document.body.replaceChildren();
});

function ours(): string[] {
  return lines.filter((line) => Object.values(HOST_WARNINGS).some((words) => line.startsWith(words.slice(0, 40))));
}

/** A widget with a phone whose line and person are as a test wants them. */
function widget(facts: Partial<PhoneSnapshot>, gateUrl = 'https://gate.example'): CreditPhone {
  const element = new CreditPhone();
  element.gateUrl = gateUrl;
  element.phone = new FakePhone({ ...IDLE, ...facts });
  document.body.append(element);
  watchHost(element);
  return element;
}

function violate(blockedURI: string, effectiveDirective = 'connect-src'): void {
  document.dispatchEvent(
    new SecurityPolicyViolationEvent('securitypolicyviolation', {
      blockedURI,
      effectiveDirective,
      documentURI: document.URL,
      originalPolicy: '',
      violatedDirective: effectiveDirective,
      statusCode: 200,
    }),
  );
}

async function until(isDone: () => boolean): Promise<void> {
  for (let round = 0; round < 400 && !isDone(); round += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(isDone()).to.equal(true);
}

describe('2.2.2: the console of the host page', () => {
  it('dev.csp: names connect-src and the address of gate and line, once each, and nobody else’s', () => {
    widget({ lineStatus: 'reconnecting' });
    for (let round = 0; round < 2; round += 1) violate('https://gate.example/v1/me');
    violate('wss://sip.example/ws');
    violate('https://elsewhere.example/x');
    violate('https://gate.example/logo.png', 'img-src');
    violate('eval');
    expect(ours()).to.deep.equal([
      'credit-phone: your Content-Security-Policy blocks https://gate.example. Add it to connect-src.',
      'credit-phone: your Content-Security-Policy blocks wss://sip.example. Add it to connect-src.',
    ]);
  });

  it('dev.csp: a socket of the page itself is not taken for the line', () => {
    widget({ lineStatus: 'registered' });
    violate('wss://chat.example/');
    expect(ours()).to.deep.equal([]);
  });

  it('dev.dup: a second widget of the same person, and only that', () => {
    widget({ me: { ...AGENT, personId: 'twin' } });
    widget({ me: { ...AGENT, personId: 'other' } });
    widget({ me: { ...AGENT, personId: 'twin' } }, 'https://another-gate.example');
    expect(ours()).to.deep.equal([]);
    widget({ me: { ...AGENT, personId: 'twin' } });
    expect(ours()).to.deep.equal([HOST_WARNINGS.dup]);
  });

  it('dev.token: the server does not take the token, told once', () => {
    const element = widget({ signInRefusal: { code: 'token_expired', whoCanFix: 'host' } });
    element.dispatchEvent(new CustomEvent('credit-phone-error', { detail: { code: 'token_invalid' } }));
    element.dispatchEvent(new CustomEvent('credit-phone-error', { detail: { code: 'line_unreachable' } }));
    expect(ours()).to.deep.equal([HOST_WARNINGS.token]);
  });

  it('dev.token: the token function throws, and the page is told whose fault that is', async () => {
    const element = new CreditPhone();
    element.gateUrl = location.origin;
    element.token = () => Promise.reject(new Error('the session is over'));
    document.body.append(element);
    await until(() => ours().length > 0);
    expect(ours()).to.deep.equal([HOST_WARNINGS.noToken]);
  });

  it('dev.policy: the page forbids the microphone', () => {
    const page = document as Document & { featurePolicy?: unknown };
    Object.defineProperty(page, 'featurePolicy', { configurable: true, value: { allowsFeature: () => false } });
    widget({});
    delete page.featurePolicy;
    expect(ours()).to.deep.equal([HOST_WARNINGS.policy]);
  });

  it('says nothing about a page that has all it needs', () => {
    widget({ me: { ...AGENT, personId: 'alone' } });
    expect(ours()).to.deep.equal([]);
  });
});
