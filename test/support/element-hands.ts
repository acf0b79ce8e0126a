/** What a person does with the widget, and what a test waits for after it. */
import type { PhoneSnapshot } from '../../src/phone/phone-snapshot.ts';
import type { Scene } from './element-scene.ts';
import { button, type ShownScene, settled, showScene } from './element-stage.ts';

export function show(snapshot: PhoneSnapshot, panel: NonNullable<Scene['panel']> = 'phone'): Promise<ShownScene> {
  return showScene({ name: 'test', snapshot, panel });
}

/** Requests are carried out after their event's dispatch is over. */
export async function pressed(shown: ShownScene, name: string): Promise<void> {
  button(shown.element, name).click();
  await settled(shown.element);
}

export async function key(shown: ShownScene, name: string, target: Element = shown.element): Promise<void> {
  target.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, composed: true, cancelable: true }));
  await settled(shown.element);
}
