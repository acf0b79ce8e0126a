/** A fill of its own for each series, so that nobody has to tell them by colour; the first one is solid. */

/** Edge of one tile in device-independent pixels. */
const TILE_PX = 6;

type Draw = (tile: CanvasRenderingContext2D) => void;

/** On a tile of the surface's colour, in the series' colour. */
const DRAWINGS: readonly Draw[] = [
  (tile) => tile.fillRect(0, 0, TILE_PX, TILE_PX),
  (tile) =>
    strokeLines(tile, [-1, 1, 1, -1], [0, TILE_PX, TILE_PX, 0], [TILE_PX - 1, TILE_PX + 1, TILE_PX + 1, TILE_PX - 1]),
  (tile) => tile.fillRect(0, 0, TILE_PX, TILE_PX / 2),
  (tile) => {
    tile.beginPath();
    tile.arc(TILE_PX / 2, TILE_PX / 2, 2, 0, 2 * Math.PI);
    tile.fill();
  },
  (tile) => tile.fillRect(0, 0, TILE_PX / 2, TILE_PX),
  (tile) => strokeLines(tile, [0, 0, TILE_PX, TILE_PX], [0, TILE_PX, TILE_PX, 0]),
];

export interface SeriesFill {
  /** Of the series. */
  readonly index: number;
  readonly colour: string;
  readonly surface: string;
  readonly pixelRatio: number;
}

/** Null where the browser has no canvas to draw on. */
export function seriesPattern(target: CanvasRenderingContext2D, fill: SeriesFill): CanvasPattern | null {
  const canvas = document.createElement('canvas');
  canvas.width = TILE_PX * fill.pixelRatio;
  canvas.height = TILE_PX * fill.pixelRatio;
  const tile = canvas.getContext('2d');
  const draw = DRAWINGS[fill.index % DRAWINGS.length];
  if (tile === null || draw === undefined) return null;
  tile.scale(fill.pixelRatio, fill.pixelRatio);
  tile.fillStyle = fill.surface;
  tile.fillRect(0, 0, TILE_PX, TILE_PX);
  tile.fillStyle = fill.colour;
  tile.strokeStyle = fill.colour;
  tile.lineWidth = 1.5;
  draw(tile);
  return target.createPattern(canvas, 'repeat');
}

/** Each line as x1, y1, x2, y2. */
function strokeLines(
  tile: CanvasRenderingContext2D,
  ...lines: readonly (readonly [number, number, number, number])[]
): void {
  tile.beginPath();
  for (const [fromX, fromY, toX, toY] of lines) {
    tile.moveTo(fromX, fromY);
    tile.lineTo(toX, toY);
  }
  tile.stroke();
}
