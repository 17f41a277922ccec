// A list of any length that stays smooth: only the rows one sees are drawn. It is a table for screen readers, and moves
// by keyboard: j and k (or the arrows on a row) go from row to row, focus and all.
// biome-ignore-all lint/a11y/useSemanticElements: rows that are not drawn cannot stand in a table element.
// biome-ignore-all lint/a11y/useFocusableInteractive: links and boxes in the rows have the focus, not the rows.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type ReactNode, useEffect, useImperativeHandle, useRef } from 'react';
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
  readonly lead?: (row: Row, index: number) => ReactNode;
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
    overscan: 12,
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
              <div
                key={item.key}
                role="row"
                aria-rowindex={item.index + 2}
                data-index={item.index}
                data-selected={isSelected?.(row) || undefined}
                className="cd-list-row"
                style={{
                  ...grid,
                  position: 'absolute',
                  top: 0,
                  left: 0,
                  right: 0,
                  height: rowHeight,
                  transform: `translateY(${item.start}px)`,
                }}
              >
                {lead && (
                  <span role="cell" className="cd-list-lead">
                    {lead(row, item.index)}
                  </span>
                )}
                {narrow ? (
                  <span role="cell">{narrowRow(row)}</span>
                ) : (
                  columns.map((column) => (
                    <span key={column.id} role="cell" data-right={column.right || undefined}>
                      {column.cell(row)}
                    </span>
                  ))
                )}
              </div>
            );
          })}
        </div>
      </div>
      {footer}
    </div>
  );
}
