/**
 * Up to which revision everything has surely come.
 *
 * Events of several server processes may overtake each other by a moment, so a revision counts only after a while; what
 * comes twice does no harm.
 */
const SETTLES = 10_000;

export class Watermark {
  private sure = 0;
  private seen: { rev: number; time: number }[] = [];

  constructor(private readonly now: () => number = Date.now) {}

  /** An event with this revision came. */
  saw(rev: number): void {
    this.settle();
    const newest = this.seen.at(-1);
    if (rev > (newest?.rev ?? this.sure)) {
      if (newest && this.now() - newest.time < 1_000) newest.rev = rev;
      else this.seen.push({ rev, time: this.now() });
    }
  }

  /** Everything up to here was asked for and has come. */
  reached(rev: number): void {
    this.sure = Math.max(this.sure, rev);
  }

  get rev(): number {
    this.settle();
    return this.sure;
  }

  reset(): void {
    this.sure = 0;
    this.seen = [];
  }

  private settle(): void {
    while (this.seen[0] && this.now() - this.seen[0].time >= SETTLES) {
      this.sure = Math.max(this.sure, this.seen[0].rev);
      this.seen.shift();
    }
  }
}
