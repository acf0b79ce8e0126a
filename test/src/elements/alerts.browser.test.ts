/** Alerts in the widget: for admins, one at a time, with one thing to do (REQUIREMENTS 2.3 nos. 4, 5 and 8). */
import { expect } from 'chai';
import type { PhoneSnapshot } from '../../../src/phone/phone-snapshot.ts';
import { ALERT_FACTS, sampleAlert, sampleAlertSettings } from '../../support/alert-samples.ts';
import { withAlerts } from '../../support/alert-scenes.ts';
import { AGENT } from '../../support/element-facts.ts';
import { button, find, findAll, type ShownScene, settled, showScene, wordsOf } from '../../support/element-stage.ts';

afterEach(() => document.body.replaceChildren());

const SHOWN_BY_THE_CREDIT_BAR = ['low', 'critical', 'empty', 'back'];

function show(snapshot: PhoneSnapshot, panel: 'phone' | 'credit' = 'phone'): Promise<ShownScene> {
  return showScene({ name: 'alerts', snapshot, panel });
}

describe('the banner of an alert', () => {
  it('shows the most pressing one, says how many more there are, and leads to the place where it is mended', async () => {
    const open = [sampleAlert('card_expiring'), sampleAlert('number_late'), sampleAlert('low')];
    const { element, phone } = await show(withAlerts({ open }));
    expect(wordsOf(element)).to.contain('Rent for +14155550100 is late. The number works until');
    expect(wordsOf(element)).to.contain('1 more alert').and.not.contain('ends 02/27');
    button(element, 'Put away').click();
    await settled(element);
    expect(phone.asked).to.deep.include(['askAlerts', { type: 'put_away', alertId: 'number_late:1' }]);
    button(element, 'Open Numbers').click();
    await settled(element);
    expect(element.panel).to.equal('numbers');
  });

  it('has words for every kind, with every value filled in', async () => {
    for (const { kind } of ALERT_FACTS) {
      const { element } = await show(withAlerts({ open: [sampleAlert(kind)] }));
      const banner = findAll(element, '[part~="alert"]').map((one) => one.textContent ?? '');
      expect(banner.length, kind).to.equal(SHOWN_BY_THE_CREDIT_BAR.includes(kind) ? 0 : 1);
      for (const words of banner)
        expect(words.trim(), kind)
          .to.match(/\w{3}/)
          .and.not.match(/[{}]|undefined|Invalid|NaN/);
    }
  });

  it('says from when on numbers cost more or less, and leads to them', async () => {
    const { element } = await show(withAlerts({ open: [sampleAlert('rent_changes')] }));
    expect(wordsOf(element)).to.contain('2 numbers cost $3.70 a month; $3.00 until then.');
    button(element, 'Open Numbers').click();
    await settled(element);
    expect(element.panel).to.equal('numbers');
  });

  it('names the office when it is another one that is shown', async () => {
    const offices = { choices: [], other: { officeId: 'berlin', name: 'Berlin office', balance: null } };
    const { element } = await show(withAlerts({ open: [sampleAlert('recharge_failed')] }, { offices }));
    expect(find(element, '[part~="alert"]').textContent).to.contain('Berlin office');
    const own = await show(withAlerts({ open: [sampleAlert('recharge_failed')] }));
    expect(find(own.element, '[part~="alert"]').textContent).to.not.contain('office');
  });

  it('is not for agents', async () => {
    const { element } = await show(withAlerts({ open: [sampleAlert('payment_disputed')] }, { me: AGENT }));
    expect(wordsOf(element)).to.not.contain('disputed');
  });
});

describe('the mails of an admin', () => {
  it('are switches in the Credit tab, asked for when they are opened', async () => {
    const { element, phone } = await show(withAlerts({ mails: sampleAlertSettings(['empty']) }), 'credit');
    button(element, 'Mails to you').click();
    await settled(element);
    expect(phone.asked).to.deep.include(['askAlerts', { type: 'show_mails' }]);
    const boxes = [...(find(element, 'credit-phone-alert-mails').shadowRoot?.querySelectorAll('input') ?? [])];
    expect(wordsOf(element)).to.contain('To dana@acme.test');
    expect(wordsOf(element)).to.contain('comes all the same while nobody else gets it');
    expect(boxes.length).to.equal(sampleAlertSettings().mails.length);
    // One under the other as a list, each box beside its words.
    const [first, second] = boxes.map((box) => box.getBoundingClientRect());
    expect((second?.top ?? 0) - (first?.top ?? 0)).to.be.within(24, 40);
    expect(first?.height).to.equal(18);
    boxes[0]?.click();
    await settled(element);
    expect(phone.asked).to.deep.include(['askAlerts', { type: 'set_mail', kind: 'low', isOn: false }]);
  });

  it('say why there are none', async () => {
    const { element } = await show(withAlerts({ mails: { ...sampleAlertSettings(), email: null } }), 'credit');
    button(element, 'Mails to you').click();
    await settled(element);
    expect(wordsOf(element)).to.contain('Your sign-in carries no mail address');
  });
});
