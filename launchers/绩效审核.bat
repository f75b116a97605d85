@echo off
rem Drop the folder with the filings onto this file. Everything it decides is decided by the program itself (jixiao drop).
chcp 65001 >nul
set PYTHONUTF8=1
set "JIXIAO=%LOCALAPPDATA%\jixiao\Scripts\jixiao.exe"
if not exist "%JIXIAO%" set "JIXIAO=jixiao"
if "%~1"=="" goto nothing
"%JIXIAO%" drop "%~1"
echo.
pause
exit /b
:nothing
echo 请把放有自评工作簿的文件夹拖到本图标上。
pause
