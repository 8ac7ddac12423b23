/** The variable with the address of the source: `https://github.com/OWNER/socklab`. The publisher sets it. */
export const VARIABLE = 'SOCKLAB_REPOSITORY';

/**
 * The origin of a published package, which `npm publish --provenance` compares with where it runs.
 *
 * @param folder in the repository
 * @throws Error when the variable is not set, or not an address
 */
export function metadata(folder, repository = process.env[VARIABLE] ?? '') {
  if (!/^https:\/\/[^/\s]+\/[^/\s]+\/[^/\s]+$/.test(repository)) {
    throw new Error(
      `${VARIABLE} is ${JSON.stringify(repository)}: nothing is published without the address of its source, as in https://github.com/OWNER/socklab`,
    );
  }
  return {
    repository: { type: 'git', url: `git+${repository}.git`, directory: folder },
    homepage: `${repository}/tree/main/${folder}#readme`,
    bugs: { url: `${repository}/issues` },
  };
}
