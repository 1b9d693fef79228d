/** A passport that is laid face down on the reader's glass. */
export function ReaderDrawing({ hint }: { readonly hint: string }) {
  return (
    <svg className="drawing reader" viewBox="0 0 400 320" aria-hidden="true" data-hint={hint}>
      <path className="solid" d="M52 196 L348 196 L384 292 Q386 304 374 304 L26 304 Q14 304 16 292 Z" />
      <path className="glass" d="M84 210 L316 210 L338 282 L62 282 Z" />
      <path className="glass-line" d="M110 246 H290" />
      <g className="passport">
        <path
          className="cover"
          d="M112 40 Q112 32 120 32 L280 32 Q288 32 288 40 L288 176 Q288 184 280 184 L120 184 Q112 184 112 176 Z"
        />
        <path className="paper" d="M122 42 H278 V105 H122 Z" />
        <path className="paper" d="M122 111 H278 V174 H122 Z" />
        <path className="pencil" d="M138 58 H262 M138 72 H240 M138 86 H252" />
        <rect className="photo" x="134" y="118" width="34" height="36" rx="3" />
        <circle className="photo-face" cx="151" cy="131" r="7" />
        <path className="photo-face" d="M139 154 Q140 141 151 141 Q162 141 163 154 Z" />
        <path className="pencil" d="M178 122 H264 M178 133 H246 M178 144 H256" />
        <path className="zone" d="M132 162 H268 M132 169 H268" />
      </g>
      <path className="arrow" d="M330 92 V158 M312 140 L330 160 L348 140" />
    </svg>
  );
}

/** A ring that turns slowly: something is being done. */
export function WorkingDrawing() {
  return (
    <svg className="drawing working" viewBox="0 0 200 200" aria-hidden="true">
      <circle className="working-track" cx="100" cy="100" r="78" />
      <path className="working-arc" d="M100 22 A78 78 0 0 1 178 100" />
    </svg>
  );
}

/** An open gate and an arrow that points ahead. */
export function PassDrawing() {
  return (
    <svg className="drawing pass" viewBox="0 0 320 300" aria-hidden="true">
      <path className="solid" d="M28 60 h34 a10 10 0 0 1 10 10 V292 H18 V70 a10 10 0 0 1 10-10 Z" />
      <path className="solid" d="M258 60 h34 a10 10 0 0 1 10 10 V292 H248 V70 a10 10 0 0 1 10-10 Z" />
      <path className="leaf" d="M72 122 L104 140 V250 L72 270 Z M248 122 L216 140 V250 L248 270 Z" />
      <circle className="disc" cx="160" cy="110" r="84" />
      <path className="ahead" d="M160 152 V70 M124 104 L160 68 L196 104" />
    </svg>
  );
}

/** An officer behind a counter. */
export function CounterDrawing() {
  return (
    <svg className="drawing counter" viewBox="0 0 320 280" aria-hidden="true">
      <circle className="person" cx="160" cy="78" r="36" />
      <path className="cap" d="M122 66 Q124 34 160 34 Q196 34 198 66 Z M116 66 H204 V72 Q160 82 116 72 Z" />
      <path className="person" d="M92 188 Q92 124 160 124 Q228 124 228 188 Z" />
      <path className="badge" d="M188 146 l14 5 v11 q0 10-14 15 q-14-5-14-15 v-11 Z" />
      <path className="solid" d="M30 186 H290 a10 10 0 0 1 10 10 V212 H20 V196 a10 10 0 0 1 10-10 Z" />
      <path className="desk" d="M38 212 H282 V270 H38 Z" />
    </svg>
  );
}

/** The sign of the gate on the first screen: a threshold that lights up. */
export function GateDrawing() {
  return (
    <svg className="drawing gate" viewBox="0 0 320 260" aria-hidden="true">
      <circle className="halo" cx="160" cy="130" r="118" />
      <circle className="halo halo-inner" cx="160" cy="130" r="88" />
      <path className="arch" d="M92 214 V124 a68 68 0 0 1 136 0 V214" />
      <path className="sill" d="M64 214 H256" />
      <circle className="person" cx="160" cy="122" r="19" />
      <path className="person" d="M126 206 Q126 154 160 154 Q194 154 194 206 Z" />
    </svg>
  );
}

/** A globe. */
export function GlobeDrawing() {
  return (
    <svg className="drawing globe" viewBox="0 0 200 200" aria-hidden="true">
      <circle className="disc" cx="100" cy="100" r="88" />
      <path className="lines" d="M12 100 H188 M100 12 V188 M26 56 H174 M26 144 H174" />
      <ellipse className="lines" cx="100" cy="100" rx="44" ry="88" />
    </svg>
  );
}
