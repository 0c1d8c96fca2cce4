#!/usr/bin/env zsh
# SPDX-License-Identifier: Apache-2.0
# Prints what zsh offers for a line when TAB is pressed behind it, one word a line.
#
#   complete.zsh DIRECTORY-WITH-_p1meter SCRATCH-DIRECTORY LINE
#
# A real, interactive zsh on a terminal of its own; compadd, by which completions offer words, also notes them.
emulate -L zsh
zmodload zsh/zpty
export HOME=$2 FOUND=$2/found
: >$FOUND
cat >$2/setup <<'SETUP'
PROMPT=
unsetopt list_beep auto_menu
autoload -Uz compinit && compinit -u -D
zstyle ':completion:*' insert-tab false
compadd() {
  # with these it only fills arrays of its caller
  if [[ " ${@[1,(i)--]} " == *' -'[OAD]' '* ]]; then
    builtin compadd "$@"
    return
  fi
  local -a hits
  builtin compadd -A hits "$@"
  ((${#hits})) && print -rl -- $hits >>$FOUND
  builtin compadd "$@"
}
finish() { print -r -- end >>$FOUND; exit }
comppostfuncs=(finish)
bindkey '^I' complete-word
cd $HOME/work
print ready
SETUP
zpty shell "fpath=($1 \$fpath) zsh -f -i"
zpty -w shell "fpath=($1 \$fpath); source $2/setup"
zpty -r -m shell output '*ready*'
zpty -w -n shell "$3"$'\t'
# ends with the shell, which ends behind the completion
while zpty -r shell output; do :; done
zpty -d shell
[[ ${$(<$FOUND)[(w)-1]} == end ]] || { print -u2 'nothing was completed'; exit 1 }
print -rl -- ${${(f)"$(<$FOUND)"}[1,-2]}
