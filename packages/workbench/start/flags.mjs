/** @returns the language of the environment, as POSIX defines it: the first of three variables that is set. */
function languageOf({ LC_ALL, LC_MESSAGES, LANG }) {
  return /^zh/i.test(LC_ALL || LC_MESSAGES || LANG || '') ? 'zh' : 'en';
}

/**
 * Parses the arguments after `npm start --`.
 *
 * @returns the options; `unknown` is the first word that is not one
 */
export function readFlags(words, env) {
  const flags = { language: languageOf(env), isDetailed: false, isHelp: false, unknown: undefined };
  const rest = words.flatMap((word) => (/^--lang(uage)?=/.test(word) ? word.split('=') : [word]));
  while (rest.length > 0) {
    const word = rest.shift();
    if (word === '--details') flags.isDetailed = true;
    else if (word === '--help' || word === '-h') flags.isHelp = true;
    else if ((word === '--lang' || word === '--language') && ['en', 'zh'].includes(rest[0])) flags.language = rest.shift();
    else flags.unknown ??= word;
  }
  return flags;
}
