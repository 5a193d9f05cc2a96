"""Notices: what people are told by e-mail or by the robot of a chat group, from a transactional outbox."""
