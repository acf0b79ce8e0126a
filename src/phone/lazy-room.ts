/** A room of the phone that most calls never enter: its code is fetched when somebody first wants something of it. */
export class LazyRoom<Room> {
  readonly #load: () => Promise<Room>;
  readonly #onFailed: (cause: unknown) => void;
  #loading: Promise<void> | null = null;
  #room: Room | null = null;

  constructor(load: () => Promise<Room>, onFailed: (cause: unknown) => void) {
    this.#load = load;
    this.#onFailed = onFailed;
  }

  /** Null until somebody has wanted something. */
  get entered(): Room | null {
    return this.#room;
  }

  /** Wishes are carried out in their order; one that comes after a failure fetches the code again. */
  use(wish: (room: Room) => void): void {
    if (this.#room !== null) wish(this.#room);
    else void this.#entering().then(() => (this.#room === null ? undefined : wish(this.#room)));
  }

  #entering(): Promise<void> {
    this.#loading ??= this.#enter();
    return this.#loading;
  }

  async #enter(): Promise<void> {
    try {
      this.#room = await this.#load();
    } catch (cause) {
      this.#onFailed(cause);
    } finally {
      this.#loading = null;
    }
  }
}
