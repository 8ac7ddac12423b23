import { useRef, useState } from 'preact/hooks';
import { t } from '../../shell/language.ts';
import type { JSX } from 'preact';

/** The command that repeats one trial, to be copied. */
export function CopyCommand({ command }: { readonly command: string }): JSX.Element {
  const code = useRef<HTMLElement>(null);
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(command);
      setSaid(t({ en: 'Copied', zh: '已复制' }));
    } catch {
      // The clipboard is unavailable here: the selected text can be copied by hand.
      if (code.current !== null) getSelection()?.selectAllChildren(code.current);
      setSaid(t({ en: 'Marked: copy it with the keyboard', zh: '已选中：请用键盘复制' }));
    }
  };
  return (
    <>
      <h4>{t({ en: 'Do this trial again', zh: '重做这次试验' })}</h4>
      <div class="replay">
        <pre tabIndex={0} aria-label={t({ en: 'Command', zh: '命令' })}>
          <code ref={code}>{command}</code>
        </pre>
        <button type="button" onClick={() => void copy()}>
          {t({ en: 'Copy the command', zh: '复制命令' })}
        </button>
        <span role="status">{said}</span>
      </div>
    </>
  );
}
