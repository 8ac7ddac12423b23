import { download } from '../../controls/download.ts';
import { t } from '../../shell/language.ts';
import { standaloneSvg } from './export-svg.ts';
import { shape, SHAPES } from './shape.ts';
import type { Text } from '../../shell/language.ts';
import type { Shape } from './shape.ts';
import type { RecordedFlow } from '@socklab/lab/picture';
import type { ComponentChildren, JSX, RefObject } from 'preact';

const SHAPE_NAMES: Readonly<Record<Shape, Text>> = {
  ladder: { en: 'Time downward', zh: '按时间看' },
  lanes: { en: 'Bytes to the right', zh: '按字节看' },
};

/** What {@link Toolbar} is for. */
export interface ToolbarProps {
  readonly svg: RefObject<SVGSVGElement | null>;
  readonly flow: RecordedFlow;
  readonly children: ComponentChildren;
}

/** How a picture is drawn, which part of it, and the picture as a file. */
export function Toolbar({ svg, flow, children }: ToolbarProps): JSX.Element {
  const save = (): void => {
    if (svg.current === null) return;
    download(`flow-${flow.id}.svg`, 'image/svg+xml', standaloneSvg(svg.current, t(flow.label)));
  };
  return (
    <div class="picture-tools">
      <div class="choice" role="group" aria-label={t({ en: 'How it is drawn', zh: '画法' })}>
        {SHAPES.map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={shape.value === each}
            onClick={() => {
              shape.value = each;
            }}
          >
            {t(SHAPE_NAMES[each])}
          </button>
        ))}
      </div>
      {children}
      <button type="button" class="save" onClick={save}>
        {t({ en: 'Save SVG', zh: '保存 SVG' })}
      </button>
    </div>
  );
}
