/** For the host page's developer console; never carries credentials, grants or SDP. */
export type LineLog = (message: string, detail?: Readonly<Record<string, string | number | boolean | null>>) => void;
