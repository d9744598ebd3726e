# awq.modules.
