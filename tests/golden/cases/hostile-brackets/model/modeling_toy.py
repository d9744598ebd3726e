# cmd writes this file
