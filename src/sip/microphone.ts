/** The microphone, or one of four reasons why not. */
import type { MicrophoneFault } from '../phone/ports.ts';

export type MicrophoneOutcome =
  | { readonly ok: true; readonly stream: MediaStream }
  | { readonly ok: false; readonly fault: MicrophoneFault };

const CONSTRAINTS: MediaStreamConstraints = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  video: false,
};

export async function takeMicrophone(): Promise<MicrophoneOutcome> {
  // Absent in insecure contexts and in old browsers.
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  if (devices === undefined || isForbiddenByPage(document)) return { ok: false, fault: 'policy_blocked' };
  try {
    return { ok: true, stream: await devices.getUserMedia(CONSTRAINTS) };
  } catch (error) {
    return { ok: false, fault: microphoneFaultOf(error) };
  }
}

/** Ends the capture; the browser's recording sign goes out. */
export function freeMicrophone(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** Media Capture and Streams, section 10.3 (getUserMedia), by the name of the DOMException. */
export function microphoneFaultOf(error: unknown): MicrophoneFault {
  const name = error instanceof Error ? error.name : '';
  switch (name) {
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'in_use';
    case 'SecurityError':
    case 'TypeError':
      return 'policy_blocked';
    default:
      return 'denied';
  }
}

/** An iframe without allow="microphone" reports a plain NotAllowedError; only the policy itself tells the two apart. */
function isForbiddenByPage(page: Document): boolean {
  // Chromium only, and not in TypeScript's DOM library.
  const policy = (page as { readonly featurePolicy?: { allowsFeature(feature: string): boolean } }).featurePolicy;
  return policy !== undefined && !policy.allowsFeature('microphone');
}
