@echo off
rem Installs from the folder it lies in; asks no network.
chcp 65001 >nul
set PYTHONUTF8=1
set "HERE=%~dp0"
set "TARGET=%LOCALAPPDATA%\jixiao"
set "PY="
for %%V in (3.12 3.11) do if not defined PY py -%%V -c "" >nul 2>nul && set "PY=py -%%V"
if not defined PY python -c "import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))" >nul 2>nul && set "PY=python"
if not defined PY goto nopython
%PY% -m venv "%TARGET%" || goto failed
"%TARGET%\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check --no-index --find-links "%HERE%wheels" --upgrade jixiao || goto failed
for /f "delims=" %%F in ('dir /b "%HERE%*.bat" ^| findstr /v /i "install.bat"') do copy /y "%HERE%%%F" "%USERPROFILE%\Desktop\" >nul
"%TARGET%\Scripts\jixiao.exe" doctor || goto failed
echo.
echo 安装完成。把放有自评工作簿的文件夹拖到桌面的“绩效审核”图标上即可。
pause
exit /b 0
:nopython
echo 没有找到 Python 3.11 或 3.12。请先安装 Python（勾选 Add python.exe to PATH），再运行本程序。
pause
exit /b 2
:failed
echo 安装没有完成，请把以上内容截图发给维护人员。
pause
exit /b 2
