// A list of any length that stays smooth: only the rows one sees are drawn. It is a table for screen readers, and moves
// by keyboard: j and k (or the arrows on a row) go from row to row, focus and all.
// biome-ignore-all lint/a11y/useSemanticElements: rows that are not drawn cannot stand in a table element.
// biome-ignore-all lint/a11y/useFocusableInteractive: links and boxes in the rows have the focus, not the rows.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, memo, type ReactNode, useEffect, useImperativeHandle, useRef } from 'react';
import './list.css';

export interface ListColumn<Row> {
  readonly id: string;
  readonly title: string;
  /** A width as CSS grid has it: `160px`, `minmax(120px, 1fr)`. */
  readonly width: string;
  readonly right?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

export interface ListHandle {
  /** Puts the focus on the link of a row. */
  focus(index: number): void;
}

export function List<Row>({
  rows,
  keyOf,
  columns,
  label,
  total,
  rowHeight,
  narrow,
  narrowRow,
  lead,
  leadHead,
  isSelected,
  onEnd,
  handle,
  footer,
}: {
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly columns: readonly ListColumn<Row>[];
  readonly label: string;
  /** All rows there are, when known: what a screen reader says. */
  readonly total?: number | undefined;
  readonly rowHeight: number;
  /** On a narrow screen a row is drawn as one block instead of cells. */
  readonly narrow: boolean;
  readonly narrowRow: (row: Row) => ReactNode;
  /** What stands before the first column: a checkbox. */
  readonly lead?: (row: Row, index: number, selected: boolean) => ReactNode;
  readonly leadHead?: ReactNode;
  readonly isSelected?: (row: Row) => boolean;
  readonly onEnd: () => void;
  readonly handle?: React.Ref<ListHandle>;
  readonly footer?: ReactNode;
}) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    getItemKey: (index) => keyOf(rows[index]!),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are measured again when their height changes.
  useEffect(() => virtual.measure(), [rowHeight]);
  const items = virtual.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && lastSeen >= rows.length - 30) onEnd();
  }, [lastSeen, rows.length, onEnd]);
  useImperativeHandle(handle, () => ({
    focus(index) {
      virtual.scrollToIndex(index, { align: 'auto' });
      const find = (tries: number) => {
        const link = box.current?.querySelector<HTMLElement>(`[data-index="${index}"] a`);
        if (link) link.focus({ preventScroll: true });
        else if (tries > 0) requestAnimationFrame(() => find(tries - 1));
      };
      requestAnimationFrame(() => find(10));
    },
  }));
  const width = narrow
    ? undefined
    : columns.reduce(
        (sum, column) => sum + 12 + Number(/(\d+)px/.exec(column.width)?.[1] ?? 100),
        lead ? 72 : 24,
      );
  const template = `${lead ? '36px ' : ''}${columns.map((column) => column.width).join(' ')}`;
  const rowTemplate = narrow ? (lead ? '36px minmax(0, 1fr)' : 'minmax(0, 1fr)') : template;
  // What draws a row may be made anew at each turn; the rows themselves are drawn again only when they changed.
  const draw = useRef<Drawing<Row>>({ narrowRow, lead });
  draw.current = { narrowRow, lead };
  const grid: CSSProperties = narrow
    ? { gridTemplateColumns: lead ? '36px minmax(0, 1fr)' : 'minmax(0, 1fr)' }
    : { gridTemplateColumns: template };
  return (
    // The scrolling box is reached by keyboard; rows inside it are too.
    <div className="cd-list" ref={box} tabIndex={0} data-narrow={narrow || undefined}>
      <div role="table" aria-label={label} aria-rowcount={total ?? -1} style={{ minWidth: width }}>
        <div role="rowgroup" className="cd-list-head">
          <div role="row" className="cd-list-row" style={grid}>
            {lead && (
              <span role="columnheader" className="cd-list-lead">
                {leadHead}
              </span>
            )}
            {narrow ? (
              <span role="columnheader">{label}</span>
            ) : (
              columns.map((column) => (
                <span key={column.id} role="columnheader" data-right={column.right || undefined}>
                  {column.title}
                </span>
              ))
            )}
          </div>
        </div>
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map((item) => {
            const row = rows[item.index]!;
            return (
              <DrawnRow
                key={item.key}
                row={row}
                index={item.index}
                start={item.start}
                height={rowHeight}
                template={rowTemplate}
                columns={columns}
                narrow={narrow}
                selected={isSelected?.(row) ?? false}
                draw={draw}
              />
            );
          })}
        </div>
      </div>
      {footer}
    </div>
  );
}

interface Drawing<Row> {
  readonly narrowRow: (row: Row) => ReactNode;
  readonly lead: ((row: Row, index: number, selected: boolean) => ReactNode) | undefined;
}
interface DrawnRowProps {
  readonly row: unknown;
  readonly index: number;
  readonly start: number;
  readonly height: number;
  readonly template: string;
  readonly columns: readonly ListColumn<never>[];
  readonly narrow: boolean;
  readonly selected: boolean;
  readonly draw: { readonly current: Drawing<never> };
}

const DrawnRow = memo(function DrawnRow({
  row,
  index,
  start,
  height,
  template,
  columns,
  narrow,
  selected,
  draw,
}: DrawnRowProps) {
  const { lead, narrowRow } = draw.current;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      data-selected={selected || undefined}
      className="cd-list-row"
      style={{
        gridTemplateColumns: template,
        position: 'absolute',
        top: 0,
        left: 0,
        right: 0,
        height,
        transform: `translateY(${start}px)`,
      }}
    >
      {lead && (
        <span role="cell" className="cd-list-lead">
          {lead(row as never, index, selected)}
        </span>
      )}
      {narrow ? (
        <span role="cell">{narrowRow(row as never)}</span>
      ) : (
        columns.map((column) => (
          <span key={column.id} role="cell" data-right={column.right || undefined}>
            {column.cell(row as never)}
          </span>
        ))
      )}
    </div>
  );
});
