import { useState } from 'preact/hooks';
import { t } from '../../shell/language.ts';
import type { JSX } from 'preact';

/** Copies a text, and reports whether that worked. */
export function CopyButton({ text }: { readonly text: string }): JSX.Element {
  const [copied, setCopied] = useState<{ readonly text: string; readonly isDone: boolean }>();
  const copy = async (): Promise<void> => {
    setCopied({ text, isDone: await isCopied(text) });
  };
  return (
    <>
      <button type="button" disabled={text === ''} onClick={() => void copy()}>
        {t({ en: 'Copy', zh: '复制' })}
      </button>
      <span role="status" class="quiet">
        {copied?.text === text && (copied.isDone ? t({ en: 'Copied.', zh: '已复制。' }) : refused())}
      </span>
    </>
  );
}

async function isCopied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Browsers give no clipboard to pages over plain HTTP from another machine.
    return false;
  }
}

function refused(): string {
  return t({ en: 'The browser does not let this page copy; select the text instead.', zh: '浏览器不允许本页面复制，请手动选中文本。' });
}
