#!/bin/sh
# Installs from the folder it lies in; asks no network. JIXIAO_HOME says where to (default ~/.local/share/jixiao).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${JIXIAO_HOME:-$HOME/.local/share/jixiao}
python=
for name in python3.12 python3.11 python3; do
  if command -v "$name" >/dev/null 2>&1 && "$name" -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))'; then
    python=$name
    break
  fi
done
if [ -z "$python" ]; then
  echo "没有找到 Python 3.11 或 3.12，请先安装，再运行本程序。" >&2
  exit 2
fi
"$python" -m venv "$target"
"$target/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --find-links "$here/wheels" --upgrade jixiao
mkdir -p "$HOME/.local/bin"
ln -sf "$target/bin/jixiao" "$HOME/.local/bin/jixiao"
"$target/bin/jixiao" doctor
echo "安装完成：$HOME/.local/bin/jixiao"
