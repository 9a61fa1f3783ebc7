"""What accounts decide: posture, tone and investment, at equal hours."""
