/** The variable that says where the source is: `https://github.com/OWNER/socklab`. Who publishes sets it. */
export const VARIABLE = 'SOCKLAB_REPOSITORY';

/**
 * What a published package says about where it is from, which `npm publish --provenance` compares with where it runs.
 *
 * @param folder in the repository
 * @throws Error when it is not set, or is no address
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
