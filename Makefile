.PHONY: run test

run:
	python3 run.py

test:
	python3 run.py test
