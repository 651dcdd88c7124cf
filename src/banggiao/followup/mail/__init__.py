"""Mail: what waits in the inbox also reaches those who want it by e-mail, each thing once, and says no more than it may."""
