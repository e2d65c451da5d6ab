// Stands in for @vscode/ripgrep, whose program an install script would have to fetch.
'use strict';
exports.rgPath = require('@vscode/ripgrep-universal').rgPath;
