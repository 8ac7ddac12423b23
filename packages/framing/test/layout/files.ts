import { readdirSync, readFileSync } from 'node:fs';
import { packageFolder } from '../support/package-folder.ts';
import type { FramedLayout } from '../../src/index.ts';

const folder = `${packageFolder}/layouts`;

/** The layouts that are shipped as files, by their names. */
export const FILES: ReadonlyMap<string, FramedLayout> = new Map(
  readdirSync(folder).map((file) => [file.replace(/\.json$/, ''), JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as FramedLayout]),
);

/** DL/T 645-2007: FE bytes wake the line, a frame has two start marks, a checksum and an end mark. */
export const DLT645: FramedLayout = FILES.get('dlt645')!;
