@rem What exec is to a POSIX shell: cmd.exe finds it here when npm runs a script of package.json.
@%*
