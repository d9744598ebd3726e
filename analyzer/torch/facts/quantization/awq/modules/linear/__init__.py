# awq.modules.linear.
