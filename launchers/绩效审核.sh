#!/bin/sh
# Drop the folder with the filings onto this file, or name it behind; all is decided by the program itself (jixiao drop).
jixiao=$(command -v jixiao || echo "${JIXIAO_HOME:-$HOME/.local/share/jixiao}/bin/jixiao")
if [ $# -eq 0 ]; then
  echo "请把放有自评工作簿的文件夹拖到本图标上，或在命令后写出文件夹。"
  exit 2
fi
export PYTHONUTF8=1
exec "$jixiao" drop "$1"
