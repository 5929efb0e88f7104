/** Bytes that a reader gets at a time. */
const PIECE = 65536;

/** A stream of bytes that are made when the first of them is read. If it is cancelled, so is what makes them. */
export function streamed(make: (signal: AbortSignal) => Promise<Uint8Array>): ReadableStream<Uint8Array> {
  const stop = new AbortController();
  let bytes: Uint8Array | undefined;
  let at = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(reader) {
        bytes ??= await make(stop.signal);
        // A copy: whoever reads it may transfer it to another thread.
        reader.enqueue(new Uint8Array(bytes.subarray(at, (at += PIECE))));
        if (at >= bytes.length) reader.close();
      },
      cancel: (reason) => stop.abort(reason),
    },
    { highWaterMark: 0 },
  );
}
