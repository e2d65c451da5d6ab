/**
 * The editors that can be fetched from the npm registry: code-server carries VS Code's server and its workbench for a
 * browser. `recipe` goes up when the installation steps change, so that older installations are made anew.
 */
export const recipe = 1;
export const newest = '1.139';
export const releases = {
  1.139: { codeServer: '4.139.1', node: 24 },
  // Its ripgrep is fetched from elsewhere by an install script; the newer package carries the program.
  '1.110': { codeServer: '4.110.0', node: 22, ripgrep: '@vscode/ripgrep-universal@1.18.0' },
};

export function releaseOf(version) {
  const release = releases[version];
  if (!release)
    throw new Error(
      `No recipe for VS Code ${version}; there is one for ${Object.keys(releases).join(', ')}.`,
    );
  return release;
}
