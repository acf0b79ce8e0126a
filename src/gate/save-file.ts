/** Fetches a file with the token, which no link could carry, and hands it to the browser as a download. Never throws. */
import { granted, type Outcome, refusal, refused } from '../protocol/problem.ts';
import { refusalOfProblem } from './gate-error.ts';
import { addressOf, authorizationOf, type GateRequestOptions, PRIVATE_FETCH } from './gate-request.ts';

/** A file is larger than an answer. */
const FILE_PATIENCE_MS = 30_000;
/** Browsers read the address of a download after the click; until then it must be good. */
const KEPT_MS = 60_000;

export interface WantedFile {
  readonly path: string;
  readonly name: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Download = (file: { readonly name: string; readonly content: Blob }) => void;

export async function saveFile(
  file: WantedFile,
  options: GateRequestOptions & { readonly download?: Download },
): Promise<Outcome<null>> {
  const first = await saveOnce(file, options);
  return !first.ok && first.refusal.code === 'token_expired' ? await saveOnce(file, options) : first;
}

async function saveOnce(
  { path, name, headers = {} }: WantedFile,
  options: GateRequestOptions & { readonly download?: Download },
): Promise<Outcome<null>> {
  const limit = new AbortController();
  const cancelLimit = options.clock.after(FILE_PATIENCE_MS, () => limit.abort(new Error('No file in time')));
  try {
    const response = await (options.fetch ?? fetch)(addressOf(options.gateUrl, path), {
      ...PRIVATE_FETCH,
      signal: limit.signal,
      headers: { ...(await authorizationOf(options)), ...headers },
    });
    if (!response.ok) return refused(refusalOfProblem(await response.json().catch(() => null)));
    (options.download ?? downloadInBrowser)({ name, content: await response.blob() });
    return granted(null);
  } catch (cause) {
    options.log('The file cannot be fetched.', { path, cause: `${cause}` });
    return refused(refusal('unavailable'));
  } finally {
    cancelLimit();
  }
}

export const downloadInBrowser: Download = ({ name, content }) => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
};
