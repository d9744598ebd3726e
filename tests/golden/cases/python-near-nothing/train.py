print("no settings here")
