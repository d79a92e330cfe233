"""The engines and emulators under the functions: started, kept running, stopped."""
