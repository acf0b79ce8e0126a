import fc from 'fast-check';
import { expect, test } from 'vitest';
import { uuidV7 } from '../../../src/phone/uuid-v7.ts';

test('RFC 9562, appendix A.6: the example value', () => {
  const bytes = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
  const id = uuidV7({ nowMs: Date.UTC(2022, 1, 22, 19, 22, 22), randomBytes: () => bytes });
  expect(id).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
});

test('always has version 7 and the variant of RFC 9562, and sorts by time', () => {
  const anyBytes = fc.uint8Array({ minLength: 10, maxLength: 10 });
  fc.assert(
    fc.property(fc.nat(2 ** 40), fc.integer({ min: 1, max: 1_000 }), anyBytes, anyBytes, (nowMs, laterMs, a, b) => {
      const first = uuidV7({ nowMs, randomBytes: () => a });
      const second = uuidV7({ nowMs: nowMs + laterMs, randomBytes: () => b });
      expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(first < second).toBe(true);
    }),
  );
});
