/** The microphone, from the permission to a finished voice note. */
import type { Attachment } from "../state/media.ts";

const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
const SAMPLE_EVERY = 100;
const BARS = 60;

export class Recording {
  private readonly chunks: Blob[] = [];
  private readonly samples: number[] = [];
  private readonly begun = performance.now();
  private readonly meter: ReturnType<typeof setInterval>;
  private readonly sound = new AudioContext();

  private constructor(
    private readonly stream: MediaStream,
    private readonly recorder: MediaRecorder,
  ) {
    const analyser = this.sound.createAnalyser();
    this.sound.createMediaStreamSource(stream).connect(analyser);
    const wave = new Uint8Array(analyser.fftSize);
    this.meter = setInterval(() => {
      analyser.getByteTimeDomainData(wave);
      this.samples.push(loudness(wave));
    }, SAMPLE_EVERY);
    recorder.ondataavailable = (event) => this.chunks.push(event.data);
    recorder.start();
  }

  /** Asks for the microphone; rejects when it is refused or absent. */
  static async start(): Promise<Recording> {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    return new Recording(stream, new MediaRecorder(stream, mimeType ? { mimeType } : {}));
  }

  get seconds(): number {
    return (performance.now() - this.begun) / 1000;
  }

  async finish(): Promise<Attachment> {
    const { seconds } = this;
    const stopped = new Promise((resolve) => this.recorder.addEventListener("stop", resolve, { once: true }));
    this.recorder.stop();
    await stopped;
    this.release();
    const type = this.recorder.mimeType.split(";")[0] || "audio/webm";
    const extension = { "audio/mp4": "m4a", "audio/ogg": "ogg" }[type] ?? "webm";
    return {
      blob: new Blob(this.chunks, { type }),
      name: `voice.${extension}`,
      kind: "audio",
      voice: true,
      caption: "",
      width: 0,
      height: 0,
      duration: Math.round(seconds * 10) / 10,
      waveform: squeeze(this.samples, BARS),
      preview: undefined,
    };
  }

  cancel(): void {
    if (this.recorder.state !== "inactive") this.recorder.stop();
    this.release();
  }

  private release(): void {
    clearInterval(this.meter);
    for (const track of this.stream.getTracks()) track.stop();
    void this.sound.close().catch(() => undefined);
  }
}

/** Loudness 0..100 of a stretch of samples around 128. */
export function loudness(wave: Uint8Array): number {
  let sum = 0;
  for (const value of wave) sum += ((value - 128) / 128) ** 2;
  return Math.min(100, Math.round(Math.sqrt(sum / wave.length) * 300));
}

export function squeeze(samples: number[], count: number): number[] {
  if (samples.length <= count) return samples;
  return Array.from({ length: count }, (_, i) => {
    const part = samples.slice(
      Math.floor((i * samples.length) / count),
      Math.floor(((i + 1) * samples.length) / count),
    );
    return Math.max(...part);
  });
}
