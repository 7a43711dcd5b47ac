// The keys by which the hub knows that a change is the same one, sent again.

// Not crypto.randomUUID: browsers have that only over https.
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** One form or dialog: the same input gets the same key for as long as nobody knows whether the hub did it. */
export class KeyKeeper {
  private kept?: { input: string; key: string };

  keyFor(input: unknown): string {
    const text = JSON.stringify(input);
    if (this.kept?.input !== text) this.kept = { input: text, key: newKey() };
    return this.kept.key;
  }
  /** The hub has said what became of it: the next press is another change. */
  settle() { this.kept = undefined; }
}
